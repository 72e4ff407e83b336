import {
  createProviderSchema,
  endpoints,
  type Provider,
  providerKindSchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import MenuItem from '@material-ui/core/MenuItem';
import Switch from '@material-ui/core/Switch';
import { useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useZodForm } from '../../../hooks';
import { FormField } from '../../shared';
import { DrawerForm, SaveError } from '../shared';
import { ConnectionTest } from './ConnectionTest';
import {
  draftOfProvider,
  draftToProvider,
  NEW_PROVIDER,
  PROVIDER_KIND_HINTS,
  PROVIDER_KIND_LABELS,
  providerChange,
} from './providerDraft';
import { ProviderSettingsFields } from './ProviderSettingsFields';

/** Registers a provider, or changes one. */
export function ProviderForm(props: {
  /** The one to be changed; a new one when `undefined`. */
  provider: Provider | undefined;
  onSaved: () => void;
  onCancel: () => void;
  /** Loads the provider anew after somebody else changed it. */
  onReload: () => void;
}) {
  const { onSaved, onCancel, onReload } = props;
  // The list behind may be refreshed; what is changed is the version that the fields were filled with.
  const [provider] = useState(props.provider);
  const api = useApi(aiGatewayApiRef);
  const form = useZodForm({
    schema: createProviderSchema,
    initial: provider ? draftOfProvider(provider) : NEW_PROVIDER,
    toInput: draftToProvider,
    submit: async body => {
      if (provider) {
        await api.call(endpoints.updateProvider, {
          params: { providerId: provider.id },
          body: providerChange(body, provider.version),
        });
      } else {
        await api.call(endpoints.createProvider, { body });
      }
      onSaved();
    },
  });
  const { values, set, touch, field, problem } = form;
  const hints = PROVIDER_KIND_HINTS[values.kind];

  return (
    <DrawerForm
      formRef={form.ref}
      onSubmit={form.onSubmit}
      submitting={form.submitting}
      submitLabel={provider ? 'Save provider' : 'Register provider'}
      onCancel={onCancel}
    >
      <SaveError
        error={form.error}
        title={
          provider
            ? 'The provider was not saved'
            : 'The provider was not registered'
        }
        {...(provider && { onReload })}
      />
      <FormField
        {...field('kind')}
        select
        required
        label="Kind"
        hint="Which API it speaks; clients may speak OpenAI's or Anthropic's to any of them"
      >
        {providerKindSchema.options.map(kind => (
          <MenuItem key={kind} value={kind}>
            {PROVIDER_KIND_LABELS[kind]}
          </MenuItem>
        ))}
      </FormField>
      <FormField
        {...field('name')}
        required
        label="Name"
        disabled={provider !== undefined}
        hint={
          provider
            ? 'A name stays as it is'
            : 'A short name that stays, such as openai-eu'
        }
      />
      <FormField
        {...field('title')}
        required
        label="Title"
        hint="What people see, such as OpenAI (EU)"
      />
      <FormField
        {...field('baseUrl')}
        required
        label="Base URL"
        placeholder={hints.baseUrl}
        hint={`Where its API begins, such as ${hints.baseUrl}`}
        inputProps={{ inputMode: 'url', spellCheck: false }}
      />
      <FormField
        {...field('secretRef')}
        label="Secret reference"
        placeholder={hints.secretRef}
        hint={`Where the gateway finds the credential, such as ${hints.secretRef}. The credential itself is never stored here. Leave empty if none is needed.`}
        inputProps={{ spellCheck: false }}
      />
      <ProviderSettingsFields
        kind={values.kind}
        values={values.settings}
        onChange={settings => set({ settings })}
        onTouch={() => touch('settings')}
        problem={setting => problem(`settings.${setting}`)}
      />
      <FormControlLabel
        label={
          values.enabled
            ? 'Enabled: its deployments may be called'
            : 'Disabled: none of its deployments is called'
        }
        control={
          <Switch
            color="primary"
            checked={values.enabled}
            onChange={(_event, enabled) => set({ enabled })}
          />
        }
      />
      <ConnectionTest
        draft={values}
        onInvalid={() => {
          touch('baseUrl');
          touch('secretRef');
          touch('settings');
        }}
      />
    </DrawerForm>
  );
}
