export { ConnectionResult } from './ConnectionResult';
export { ProvidersSection } from './ProvidersSection';
