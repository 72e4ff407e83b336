export * from './apiKeyFormat';
export * from './KeyDigester';
export * from './PresentedKey';
