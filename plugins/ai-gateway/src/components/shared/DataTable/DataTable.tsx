import { type Theme, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { DataCards } from './DataCards';
import { DataRows } from './DataRows';
import type { DataTableProps } from './types';

/** A table that becomes a list of cards where a table would not fit. */
export function DataTable<T>(
  props: DataTableProps<T> & {
    /** The width below which there are cards; `sm` when left out. */
    cardsBelow?: 'sm' | 'md';
  },
) {
  const { cardsBelow = 'sm', ...rest } = props;
  const theme = useTheme<Theme>();
  const narrow = useMediaQuery(theme.breakpoints.down(cardsBelow), {
    noSsr: true,
  });
  return narrow ? <DataCards {...rest} /> : <DataRows {...rest} />;
}
