import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import Autocomplete from '@material-ui/lab/Autocomplete';
import { useCallback } from 'react';
import { useLoad } from '../../../hooks';
import { FormField } from '../../shared';

interface App {
  ref: string;
  title: string;
}

/** The application that a key belongs to: a component that one of the reader's teams owns, chosen or typed. */
export function AppField(props: {
  /** An entity reference, or what of it is typed. */
  value: string;
  onChange: (value: string) => void;
  onBlur: () => void;
  problem: string | undefined;
  ownershipRefs: readonly string[];
}) {
  const { value, onChange, onBlur, problem, ownershipRefs } = props;
  const apps = useOwnedApps(ownershipRefs);
  const titles = new Map(apps.value?.map(({ ref, title }) => [ref, title]));

  return (
    <Autocomplete
      freeSolo
      size="small"
      options={[...titles.keys()]}
      inputValue={value}
      onInputChange={(_event, typed) => onChange(typed)}
      onBlur={onBlur}
      renderOption={ref => (
        <span>
          {titles.get(ref)}
          <Typography variant="caption" color="textSecondary" component="div">
            {ref}
          </Typography>
        </span>
      )}
      renderInput={params => (
        <FormField
          {...params}
          required
          label="Application"
          hint={
            apps.status === 'error'
              ? 'The catalog could not be asked; enter a reference such as component:default/checkout'
              : 'A component that one of your teams owns'
          }
          problem={problem}
        />
      )}
    />
  );
}

function useOwnedApps(ownershipRefs: readonly string[]) {
  const catalog = useApi(catalogApiRef);
  const load = useCallback(
    async (owners: string): Promise<App[]> => {
      const { items } = await catalog.getEntities({
        filter: {
          kind: 'Component',
          'relations.ownedBy': JSON.parse(owners),
        },
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
        ],
      });
      return items.map(entity => ({
        ref: stringifyEntityRef(entity),
        title: entity.metadata.title ?? entity.metadata.name,
      }));
    },
    [catalog],
  );
  return useLoad(load, JSON.stringify(ownershipRefs));
}
