export { UsagePage } from './UsagePage';
export { UsageWidget } from './UsageWidget';
