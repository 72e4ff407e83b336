export * from './apiKeyFormat';
export * from './KeyDigester';
