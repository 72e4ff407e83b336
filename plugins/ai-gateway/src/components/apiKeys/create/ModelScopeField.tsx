import Autocomplete from '@material-ui/lab/Autocomplete';
import { useAllModels } from '../../../hooks';
import { FormField, InlineProblem, RadioField } from '../../shared';
import type { ApiKeyDraft } from './apiKeyDraft';

type ModelScope = ApiKeyDraft['modelScope'];

/** Which models the key may call. */
export function ModelScopeField(props: {
  value: ModelScope;
  onChange: (value: ModelScope) => void;
  onBlur: () => void;
  problem: string | undefined;
}) {
  const { value, onChange, onBlur, problem } = props;
  const models = useAllModels();
  const titles = new Map(models.value?.map(({ id, title }) => [id, title]));

  return (
    <RadioField
      label="Models"
      value={value.every ? 'every' : 'some'}
      options={[
        { id: 'every', label: 'Every model' },
        { id: 'some', label: 'Only some' },
      ]}
      onChange={chosen => onChange({ ...value, every: chosen === 'every' })}
    >
      {value.every ? (
        <InlineProblem>{problem}</InlineProblem>
      ) : (
        <Autocomplete
          multiple
          size="small"
          disableCloseOnSelect
          filterSelectedOptions
          loading={models.status === 'loading'}
          options={[...new Set([...titles.keys(), ...value.ids])]}
          getOptionLabel={id => titles.get(id) ?? id}
          value={[...value.ids]}
          onChange={(_event, ids) => onChange({ ...value, ids })}
          onBlur={onBlur}
          ChipProps={{ size: 'small' }}
          renderInput={params => (
            <FormField
              {...params}
              label="Models that it may call"
              hint={
                models.status === 'error'
                  ? 'The models could not be loaded; allow every model, or close and try again'
                  : 'A key for few models does less harm when it leaks'
              }
              problem={problem}
            />
          )}
        />
      )}
    </RadioField>
  );
}
