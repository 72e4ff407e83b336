import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { LinkButton } from '@backstage/core-components';
import { useCreateKeyHref } from './useCreateKeyHref';

/** What a reader does with a model: create a key for it. Nothing to do while it is not published. */
export function CreateKeyButton(props: { model: Model; primary?: boolean }) {
  const { model, primary } = props;
  const createKeyHref = useCreateKeyHref();
  if (model.status === 'unpublished') return null;
  return (
    <LinkButton
      to={createKeyHref(model.id)}
      size="small"
      color="primary"
      variant={primary ? 'contained' : 'outlined'}
      aria-label={`Create key for ${model.title}`}
    >
      Create key
    </LinkButton>
  );
}
