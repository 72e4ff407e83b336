export { AiGatewayIcon } from './AiGatewayIcon';
export { AiGatewayPage } from './AiGatewayPage';
export { LegacyAiGatewayPage } from './LegacyAiGatewayPage';
