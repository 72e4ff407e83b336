import type { Me } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** The parts of Admin, each for those who may. */
export const ADMIN_SECTIONS = [
  {
    id: 'providers',
    label: 'Providers',
    denied: 'Providers are managed by platform admins.',
    allows: (can: Me['can']) => can.manageProviders,
  },
  {
    id: 'models',
    label: 'Models & deployments',
    denied: 'Models and deployments are managed by platform admins.',
    allows: (can: Me['can']) => can.manageModels,
  },
  {
    id: 'prices',
    label: 'Prices',
    denied: 'Prices are managed by platform admins.',
    allows: (can: Me['can']) => can.manageModels,
  },
  {
    id: 'gateways',
    label: 'Gateways',
    denied: 'Gateways are seen by platform admins.',
    allows: (can: Me['can']) => can.readGateways,
  },
] as const;
