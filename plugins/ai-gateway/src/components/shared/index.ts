export { CopyButton } from './CopyButton';
export {
  DataTable,
  type DataTableColumn,
  type DataTableSort,
} from './DataTable';
export { DangerButton } from './DangerButton';
export { DeniedState } from './DeniedState';
export { EmptyState } from './EmptyState';
export { ErrorState } from './ErrorState';
export { explainError } from './explainError';
export { FactList } from './FactList';
export { FilterBar } from './FilterBar';
export { FilterSelect } from './FilterSelect';
export { FormField } from './FormField';
export { InlineError } from './InlineError';
export { InlineProblem } from './InlineProblem';
export { Money } from './Money';
export { PageFrame } from './PageFrame';
export { formatPrice } from './formatPrice';
export { Price } from './Price';
export { ProjectSwitch } from './ProjectSwitch';
export { RadioField } from './RadioField';
export { RelativeTime } from './RelativeTime';
export {
  BlockSkeleton,
  CardGridSkeleton,
  Loading,
  TableSkeleton,
} from './Skeletons';
export { SearchField } from './SearchField';
export { SentenceCase } from './SentenceCase';
export { StaleNotice } from './StaleNotice';
export { StatusChip, type StatusTone } from './StatusChip';
export { TokenCount } from './TokenCount';
