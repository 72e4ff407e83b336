export * from './cost';
export * from './priceInForce';
