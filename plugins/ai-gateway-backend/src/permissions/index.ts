export * from './decideAiGatewayPermission';
export * from './resources';
export * from './rules';
