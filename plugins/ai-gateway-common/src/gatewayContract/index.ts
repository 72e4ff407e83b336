export * from './chatCompletions';
export * from './errors';
export * from './models';
