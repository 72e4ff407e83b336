export * from './nanoUsd';
