export * from './chatCompletions';
export * from './completions';
export * from './errors';
export * from './messages';
export * from './models';
