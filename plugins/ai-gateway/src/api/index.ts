export { aiGatewayApiRef, type AiGatewayApi } from './AiGatewayApi';
export { AiGatewayClient } from './AiGatewayClient';
