export * from './AddressPolicy';
