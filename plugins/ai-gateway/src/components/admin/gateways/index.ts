export { GatewaysSection } from './GatewaysSection';
