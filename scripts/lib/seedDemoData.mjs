// @ts-check
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ControlPlaneRefusal } from './controlPlane.mjs';
import { demoKeyProjectId, simulatorProviderName } from './demoData.mjs';
import { readJson, writePrivateJson } from './secrets.mjs';

/**
 * Brings the demo data in, once. What somebody changed or deleted since stays
 * as they left it: `demo-data.json` keeps what was brought into this database
 * before. A step that an earlier start did not finish is finished.
 *
 * @typedef {import('./controlPlane.mjs').ControlPlane} ControlPlane
 * @typedef {object} SeedRecord
 * @property {string} database which one: when its first demo project was made
 * @property {string[]} seeded
 */

/**
 * @param {ControlPlane} api
 * @param {import('./demoData.mjs').DemoProvider['provider']} wanted
 * @param {boolean} seeded
 * @returns {Promise<{ id: string } | undefined>}
 */
const seedProvider = async (api, wanted, seeded) => {
  const { items } = await api.get('/providers?limit=500');
  const found = items.find(
    (/** @type {{ name: string }} */ provider) => provider.name === wanted.name,
  );
  if (!found) {
    return seeded ? undefined : api.post('/providers', wanted);
  }
  // The simulator moves when its port is taken; everything else is theirs.
  const moved =
    found.name === simulatorProviderName &&
    found.baseUrl !== wanted.baseUrl &&
    /^http:\/\/127\.0\.0\.1:\d+\/v1$/.test(found.baseUrl);
  return moved
    ? api.patch(`/providers/${found.id}`, {
        version: found.version,
        baseUrl: wanted.baseUrl,
      })
    : found;
};

/** How long a fresh catalog may take to know the groups that own projects. */
const CATALOG_DEADLINE_MS = 90_000;

/**
 * Makes a project. The portal answers before its catalog has read the demo
 * company, so an unknown owner is asked for again for a while.
 *
 * @param {ControlPlane} api
 * @param {import('./demoData.mjs').DemoData['projects'][number]} project
 */
const seedProject = async (api, project) => {
  if (await api.get(`/projects/${project.id}`)) {
    return;
  }
  const deadline = Date.now() + CATALOG_DEADLINE_MS;
  for (;;) {
    try {
      await api.post('/projects', project);
      return;
    } catch (error) {
      const catalogIsBehind =
        error instanceof ControlPlaneRefusal &&
        error.fields.includes('ownerRef');
      if (!catalogIsBehind || Date.now() > deadline) {
        throw error;
      }
      await delay(500);
    }
  }
};

/**
 * A model with one published deployment that has a price.
 *
 * @param {ControlPlane} api
 * @param {string} providerId
 * @param {import('./demoData.mjs').DemoModel} wanted
 */
const seedModel = async (
  api,
  providerId,
  { model, upstreamModel, amounts },
) => {
  if (!(await api.get(`/models/${model.id}`))) {
    await api.post('/models', model);
  }
  const query = new URLSearchParams({ modelId: model.id, providerId });
  const deployments = await api.get(`/deployments?${query}`);
  const deployment =
    deployments.items[0] ??
    (await api.post('/deployments', {
      modelId: model.id,
      providerId,
      upstreamModel,
    }));
  const prices = await api.get(`/deployments/${deployment.id}/prices`);
  if (prices.items.length === 0) {
    await api.post(`/deployments/${deployment.id}/prices`, { amounts });
  }
  // Without a publication nobody has decided yet whether it is published.
  if (deployment.publication === null) {
    await api.post(`/deployments/${deployment.id}/publish`);
  }
};

/**
 * @param {ControlPlane} api
 * @param {import('./demoData.mjs').DemoData} data
 * @param {string} dataDir
 * @returns {Promise<void>}
 */
export const seedDemoData = async (api, data, dataDir) => {
  const file = path.join(dataDir, 'demo-data.json');
  for (const project of data.projects) {
    await seedProject(api, project);
  }
  // Projects cannot be deleted, so this one tells databases apart.
  const { createdAt } = await api.get(`/projects/${demoKeyProjectId}`);
  const kept = /** @type {SeedRecord | undefined} */ (readJson(file));
  /** @type {SeedRecord} */
  const record =
    kept && kept.database === createdAt
      ? kept
      : { database: createdAt, seeded: [] };
  /** @param {string} name */
  const remember = name => {
    if (!record.seeded.includes(name)) {
      record.seeded.push(name);
      writePrivateJson(file, record);
    }
  };

  for (const { provider, models } of data.providers) {
    const providerName = `provider/${provider.name}`;
    const found = await seedProvider(
      api,
      provider,
      record.seeded.includes(providerName),
    );
    remember(providerName);
    for (const entry of models) {
      const modelName = `model/${entry.model.id}`;
      if (found && !record.seeded.includes(modelName)) {
        await seedModel(api, found.id, entry);
        remember(modelName);
      }
    }
  }
};
