import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Autocomplete from '@material-ui/lab/Autocomplete';
import { useCallback } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { type FieldProps, useLoad } from '../../../hooks';
import { FormField } from '../../shared';

/** What the provider calls the model: typed, or one of those that it says it offers. */
export function UpstreamModelField(
  props: Omit<FieldProps, 'onChange'> & {
    /** The provider to be asked; empty for none yet. */
    providerId: string;
    onChange: (value: string) => void;
  },
) {
  const { providerId, name, value, onChange, onBlur, problem } = props;
  const offered = useOfferedModels(providerId);
  return (
    <Autocomplete
      freeSolo
      size="small"
      options={offered.value?.models ?? []}
      inputValue={value}
      onInputChange={(event, typed) => {
        // Without an event it is the component's own doing: at first it would empty the field.
        if (event) onChange(typed);
      }}
      onBlur={onBlur}
      renderInput={params => (
        <FormField
          {...params}
          required
          name={name}
          label="Upstream model"
          hint={hintOf(providerId, offered)}
          problem={problem}
        />
      )}
    />
  );
}

function hintOf(
  providerId: string,
  offered: ReturnType<typeof useOfferedModels>,
): string {
  const byHand = 'enter the name that it gives the model';
  if (!providerId) return 'Choose a provider to see what it offers';
  if (offered.status === 'loading' || offered.stale) {
    return 'Asking the provider what it offers…';
  }
  if (offered.status === 'error') {
    return `The provider could not be asked; ${byHand}`;
  }
  const { ok, models, message } = offered.value;
  if (!ok) return `${message} You can still ${byHand}.`;
  return models.length === 0
    ? `The provider names no models; ${byHand}`
    : `The provider offers ${models.length.toLocaleString()}; choose one or type`;
}

function useOfferedModels(providerId: string) {
  const api = useApi(aiGatewayApiRef);
  const load = useCallback(
    (id: string, signal: AbortSignal) =>
      api.call(endpoints.testProvider, { params: { providerId: id }, signal }),
    [api],
  );
  return useLoad(load, providerId, { enabled: providerId !== '' });
}
