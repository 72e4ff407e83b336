import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Autocomplete from '@material-ui/lab/Autocomplete';
import { useCallback } from 'react';
import { type FieldProps, useLoad } from '../../../hooks';
import { FormField } from '../../shared';

/** Who answers for a model: a group of the catalog, chosen or typed. */
export function OwnerField(
  props: Omit<FieldProps, 'onChange'> & { onChange: (value: string) => void },
) {
  const { name, value, onChange, onBlur, problem } = props;
  const groups = useGroups();
  return (
    <Autocomplete
      freeSolo
      size="small"
      options={groups.value ?? []}
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
          label="Owner"
          hint={
            groups.status === 'error'
              ? 'The catalog could not be asked; enter a reference such as group:default/platform'
              : 'The team that answers for it, such as group:default/platform'
          }
          problem={problem}
        />
      )}
    />
  );
}

function useGroups() {
  const catalog = useApi(catalogApiRef);
  const load = useCallback(async () => {
    const { items } = await catalog.getEntities({
      filter: { kind: 'Group' },
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
    });
    return items.map(entity => stringifyEntityRef(entity)).sort();
  }, [catalog]);
  return useLoad(load, 'groups');
}
