export * from './callEndpoint';
export * from './ControlPlaneError';
