import {
  capabilitySchema,
  modalitySchema,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { makeStyles } from '@material-ui/core/styles';
import AppsIcon from '@material-ui/icons/Apps';
import ViewListIcon from '@material-ui/icons/ViewList';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { FilterBar, FilterSelect, SearchField } from '../shared';
import { CAPABILITY_LABELS, MODALITY_LABELS, MODEL_STATUS } from './labels';
import type { ModelFilters } from './modelFilters';

const useStyles = makeStyles(theme => ({
  view: { marginLeft: 'auto' },
  toggle: { padding: theme.spacing(0.9) },
}));

/** Search, filters and the switch between cards and a list, in one row. */
export function ModelFilterBar(props: {
  filters: ModelFilters;
  onChange: (change: Partial<ModelFilters>) => void;
  /** All of them, from which the choice of providers follows. */
  models: readonly Model[];
}) {
  const { filters, onChange, models } = props;
  const classes = useStyles();
  return (
    <FilterBar>
      <SearchField
        label="Search models"
        value={filters.search}
        onChange={search => onChange({ search })}
      />
      <FilterSelect
        label="Modality"
        all="Any modality"
        value={filters.modality}
        options={modalitySchema.options.map(id => ({
          id,
          label: MODALITY_LABELS[id],
        }))}
        onChange={modality => onChange({ modality })}
      />
      <FilterSelect
        label="Capability"
        all="Any capability"
        value={filters.capability}
        options={capabilitySchema.options.map(id => ({
          id,
          label: CAPABILITY_LABELS[id],
        }))}
        onChange={capability => onChange({ capability })}
      />
      <FilterSelect
        label="Provider"
        all="Any provider"
        value={filters.provider || undefined}
        options={providersOf(models)}
        onChange={provider => onChange({ provider: provider ?? '' })}
      />
      <FilterSelect
        label="Status"
        all="Any status"
        value={filters.status}
        options={(['available', 'deprecated'] as const).map(id => ({
          id,
          label: MODEL_STATUS[id].label,
        }))}
        onChange={status => onChange({ status })}
      />
      <ToggleButtonGroup
        exclusive
        size="small"
        aria-label="Layout"
        className={classes.view}
        value={filters.view}
        onChange={(_event, view: ModelFilters['view'] | null) =>
          view && onChange({ view })
        }
      >
        <ToggleButton
          value="grid"
          aria-label="Cards"
          className={classes.toggle}
        >
          <AppsIcon fontSize="small" />
        </ToggleButton>
        <ToggleButton value="list" aria-label="List" className={classes.toggle}>
          <ViewListIcon fontSize="small" />
        </ToggleButton>
      </ToggleButtonGroup>
    </FilterBar>
  );
}

function providersOf(
  models: readonly Model[],
): { id: string; label: string }[] {
  const titles = new Map(
    models.flatMap(({ providers }) =>
      providers.map(({ name, title }) => [name, title] as const),
    ),
  );
  return [...titles]
    .map(([id, label]) => ({ id, label }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
