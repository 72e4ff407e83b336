import Button from '@material-ui/core/Button';
import Grid from '@material-ui/core/Grid';
import SearchIcon from '@material-ui/icons/Search';
import { useAllModels, useUrlState } from '../../hooks';
import {
  CardGridSkeleton,
  EmptyState,
  ErrorState,
  PageFrame,
  StaleNotice,
} from '../shared';
import { ModelCard } from './ModelCard';
import { ModelFilterBar } from './ModelFilterBar';
import {
  filterModels,
  MODEL_FILTER_PARAMS,
  NO_MODEL_FILTERS,
} from './modelFilters';
import { ModelTable } from './ModelTable';
import { NoModels } from './NoModels';
import { formatModelSort, parseModelSort, sortModels } from './sortModels';

/** What an admin publishes shows here this soon, in milliseconds. */
const REFRESH_MS = 5_000;

/** The models that can be called, to find one by what it can do and what it costs. */
export function ModelsPage() {
  return (
    <PageFrame
      title="Models"
      description="Language models that you can call through the gateway, with one kind of key"
    >
      <Models />
    </PageFrame>
  );
}

function Models() {
  const models = useAllModels({ refreshMs: REFRESH_MS });
  const [filters, setFilters] = useUrlState(MODEL_FILTER_PARAMS);

  if (models.status === 'loading') {
    return <CardGridSkeleton label="Loading models" height={290} />;
  }
  if (models.status === 'error') {
    return (
      <ErrorState
        error={models.error}
        title="Models could not be loaded"
        onRetry={models.refresh}
      />
    );
  }
  if (models.value.length === 0) return <NoModels />;

  const sort = parseModelSort(filters.sort);
  const shown = sortModels(filterModels(models.value, filters), sort);
  return (
    <>
      <ModelFilterBar
        filters={filters}
        onChange={setFilters}
        models={models.value}
      />
      <StaleNotice error={models.error} onRetry={models.refresh} />
      {shown.length === 0 && (
        <EmptyState
          title="No model matches"
          icon={<SearchIcon />}
          action={
            <Button
              variant="outlined"
              onClick={() => setFilters(NO_MODEL_FILTERS)}
            >
              Clear filters
            </Button>
          }
        >
          None of the {models.value.length} models passes all of the filters.
        </EmptyState>
      )}
      {shown.length > 0 && filters.view === 'list' && (
        <ModelTable
          models={shown}
          sort={sort}
          onSort={chosen => setFilters({ sort: formatModelSort(chosen) })}
        />
      )}
      {shown.length > 0 && filters.view === 'grid' && (
        <Grid container spacing={2}>
          {shown.map(model => (
            <Grid item xs={12} sm={6} lg={4} xl={3} key={model.id}>
              <ModelCard model={model} />
            </Grid>
          ))}
        </Grid>
      )}
    </>
  );
}
