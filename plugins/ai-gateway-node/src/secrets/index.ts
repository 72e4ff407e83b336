export * from './SecretResolver';
