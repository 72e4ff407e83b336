export * from './formatUsd';
export * from './formatTokens';
export * from './formatDuration';
