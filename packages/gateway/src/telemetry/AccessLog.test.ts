import fc from 'fast-check';
import pino from 'pino';
import type { AccessFacts, Exchange } from '../http/exchange';
import { testExchange } from '../testing/testExchange';
import { AccessLog } from './AccessLog';

const KEY =
  'aigw_abcdefghijkl_0123456789abcdefghijklmnopqrstuvwxyz01234567_abcdef';

function start(level: string = 'info') {
  const lines: string[] = [];
  const log = pino(
    { level, base: undefined, redact: ['*.secret'] },
    { write: line => lines.push(line) },
  ).child({ worker: 3, who: 'a "worker"' });
  const access = AccessLog.create({ log, monotonic: () => 1_012.4 });
  return { lines, log, access };
}

function exchange(facts: AccessFacts, url: string = '/v1/messages'): Exchange {
  const made = testExchange({ id: 'k', projectId: 'p' });
  made.req.url = url;
  return { ...made, requestId: 'r-1', startedAt: 1_000, facts };
}

describe('the access log', () => {
  it('has a line for a request, with what is known of it, as the log begins and ends its lines', () => {
    const { lines, log, access } = start();
    access.write(exchange({ model: 'm', streamed: true, attempts: 0 }));
    log.info({ a: 1 }, 'another');
    expect(JSON.parse(lines[0])).toEqual({
      level: 30,
      time: expect.any(Number),
      worker: 3,
      who: 'a "worker"',
      requestId: 'r-1',
      method: 'POST',
      path: '/v1/messages',
      status: 200,
      ms: 12,
      // Nobody has taken the answer.
      hungUp: true,
      model: 'm',
      streamed: true,
      attempts: 0,
      msg: 'request',
    });
    expect(lines[0].endsWith('}\n')).toBe(true);
    expect(JSON.parse(lines[1])).toMatchObject({ a: 1, msg: 'another' });
  });

  it('tells any fact as it is', () => {
    const text = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    const count = fc.option(fc.nat(), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          keyId: text,
          projectId: text,
          model: text,
          streamed: fc.option(fc.boolean(), { nil: undefined }),
          deploymentId: text,
          attempts: count,
          errorCode: text,
          upstreamDetail: text,
          outcome: text,
          inputTokens: count,
          outputTokens: count,
          cost: text,
          timeToFirstTokenMs: count,
        }),
        facts => {
          const { lines, access } = start();
          access.write(exchange(facts));
          expect(JSON.parse(lines[0])).toMatchObject(
            JSON.parse(JSON.stringify(facts)),
          );
          expect(lines[0].indexOf('\n')).toBe(lines[0].length - 1);
        },
      ),
    );
  });

  it('leaves out keys that are where none belongs', () => {
    const { lines, access } = start();
    access.write(exchange({ model: KEY }, `/v1/${KEY}?key=${KEY}`));
    expect(lines[0]).toContain('"path":"/v1/aigw_…"');
    expect(lines[0]).toContain('"model":"aigw_…"');
    expect(lines[0]).not.toContain('abcdefghijkl');
  });

  it('says nothing where it is not asked to', () => {
    const quiet = start('warn');
    quiet.access.write(exchange({}));
    expect(quiet.lines).toEqual([]);
    const usual = start();
    usual.access.write(exchange({}, '/readyz'));
    expect(usual.lines).toEqual([]);
    const all = start('debug');
    all.access.write(exchange({}, '/readyz'));
    expect(JSON.parse(all.lines[0])).toMatchObject({
      level: 20,
      path: '/readyz',
    });
  });
});
