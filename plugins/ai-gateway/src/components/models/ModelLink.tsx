import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useLocation } from 'react-router-dom';
import { modelRouteRef } from '../../routes';

/** A model's name, leading to its page; what is in the URL stays, so that going back finds the list as it was. */
export function ModelLink(props: { model: Pick<Model, 'id' | 'title'> }) {
  const { model } = props;
  const modelPath = useRouteRef(modelRouteRef);
  const { search } = useLocation();
  return (
    <Link to={`${modelPath({ modelId: model.id })}${search}`}>
      {model.title}
    </Link>
  );
}
