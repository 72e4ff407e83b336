import type { ProviderKind } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import MenuItem from '@material-ui/core/MenuItem';
import { FormField } from '../../shared';
import type { ProviderSettingsDraft } from './providerSettingsDraft';

/** What only some kinds of provider need: an API version, another way to prove who one is. */
export function ProviderSettingsFields(props: {
  kind: ProviderKind;
  values: ProviderSettingsDraft;
  onChange: (values: ProviderSettingsDraft) => void;
  /** When a field was left in which something stands. */
  onTouch: () => void;
  /** What is wrong with a setting. */
  problem: (setting: string) => string | undefined;
}) {
  const { kind, values, onChange, onTouch, problem } = props;
  const field = (name: Exclude<keyof ProviderSettingsDraft, 'others'>) => ({
    name: `settings.${name}`,
    value: values[name],
    onChange: ({ target }: { target: { value: string } }) =>
      onChange({ ...values, [name]: target.value }),
    onBlur: () => {
      if (values[name]) onTouch();
    },
    problem: problem(name),
  });
  return (
    <>
      {kind === 'azure-openai' && (
        <>
          <FormField
            {...field('apiVersion')}
            label="API version"
            placeholder="2024-10-21"
            hint="Of URLs that name the deployment, such as 2024-10-21. Leave empty for the newer URLs, which have none."
            inputProps={{ spellCheck: false }}
          />
          <FormField
            {...field('auth')}
            select
            label="Signs in with"
            hint={
              values.auth === 'key'
                ? 'The secret that is named above'
                : 'The identity of the machine that the gateway runs on; the secret that is named above where that cannot be had'
            }
          >
            <MenuItem value="key">API key</MenuItem>
            <MenuItem value="managed-identity">Managed identity</MenuItem>
          </FormField>
          {values.auth === 'managed-identity' && (
            <FormField
              {...field('identityClientId')}
              label="Client id of the identity"
              hint="Only where the machine has several"
              inputProps={{ spellCheck: false }}
            />
          )}
        </>
      )}
      {kind === 'anthropic' && (
        <FormField
          {...field('defaultMaxTokens')}
          label="Output tokens if a request does not say"
          hint="Anthropic must be told; leave empty for what the gateway takes by itself"
          inputProps={{ inputMode: 'numeric' }}
        />
      )}
      <FormField
        {...field('onClientAbort')}
        select
        label="When a client hangs up"
        hint="An answer that is finished is billed by what the provider reports, one that is stopped by an estimate"
        SelectProps={{ displayEmpty: true }}
        InputLabelProps={{ shrink: true }}
      >
        <MenuItem value="">As is usual for this kind</MenuItem>
        <MenuItem value="drain">The provider finishes the answer</MenuItem>
        <MenuItem value="abort">The provider is stopped</MenuItem>
      </FormField>
    </>
  );
}
