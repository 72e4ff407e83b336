import type { ModelStatus } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { StatusChip } from '../shared';
import { MODEL_STATUS } from './labels';

/** Whether a model can be called. */
export function ModelStatusChip(props: { status: ModelStatus }) {
  const { label, tone } = MODEL_STATUS[props.status];
  return <StatusChip tone={tone}>{label}</StatusChip>;
}
