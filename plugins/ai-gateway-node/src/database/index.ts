export * from './channels';
export * from './ensurePartitions';
export * from './migrations';
