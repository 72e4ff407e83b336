import { Router } from 'express';
import { warnOfSeveral } from '../admission/openAdmissions';
import type { Gateway } from '../pipeline/Gateway';

/** `GET /healthz`: the process is alive. `GET /readyz`: it takes traffic, or says why not. */
export function health(gateway: Gateway): Router {
  const router = Router();

  router.get('/healthz', (_req, res) => {
    res.json({ status: 'alive' });
  });

  router.get('/readyz', (_req, res) => {
    const { snapshot, problem } = gateway.configuration;
    const reasons = [
      ...(gateway.leaving() ? ['Shutting down'] : []),
      ...(snapshot ? [] : [problem?.summary ?? 'Starting']),
      ...(gateway.meter.problem === null
        ? []
        : ['Usage cannot be recorded, as the spool cannot be written to']),
    ];
    const ready = reasons.length === 0;
    res.status(ready ? 200 : 503).json({
      status: ready ? 'ready' : 'not ready',
      revision: snapshot?.revision ?? null,
      reasons,
      limits: gateway.limits.mode(),
      // Ready all the same: requests go on from what is known, and usage waits on disk.
      warnings: ready ? warningsOf(gateway) : [],
    });
  });

  return router;
}

function warningsOf({
  configuration,
  deadLetters,
  limits,
}: Gateway): readonly string[] {
  const { problem } = configuration;
  return [
    ...(problem ? [problem.summary] : []),
    ...(deadLetters.kept > 0
      ? [
          `${deadLetters.kept} usage events were refused by the ledger, and wait to be looked at`,
        ]
      : []),
    ...(limits.mode() === 'degraded'
      ? ['Redis does not answer: limits are counted by this gateway alone']
      : []),
    ...(limits.mode() === 'single-process' && limits.replicas() > 1
      ? [warnOfSeveral(limits.replicas())]
      : []),
  ];
}
