export * from './readAiGatewayConfig';
