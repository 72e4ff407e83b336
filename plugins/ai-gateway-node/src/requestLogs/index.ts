export * from './capture';
export * from './ClickHouseRequestLogStore';
export * from './createRequestLogStore';
export * from './DatabaseRequestLogStore';
export * from './readRequestLogSettings';
export * from './RequestLog';
export * from './RequestLogStore';
