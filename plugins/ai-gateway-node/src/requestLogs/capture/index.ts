export * from './BodyCapture';
export * from './maskCredentials';
