import Grid from '@material-ui/core/Grid';
import Skeleton from '@material-ui/lab/Skeleton';
import type { ReactNode } from 'react';

/** Says to a screen reader that something loads, around shapes that say it to the eye. */
export function Loading(props: { label: string; children: ReactNode }) {
  return (
    <div role="status" aria-busy="true" aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** Cards of a grid before they are there. */
export function CardGridSkeleton(props: {
  label: string;
  count?: number;
  /** Pixels. */
  height?: number;
}) {
  const { label, count = 6, height = 220 } = props;
  return (
    <Loading label={label}>
      <Grid container spacing={2}>
        {Array.from({ length: count }, (_, index) => (
          <Grid item xs={12} sm={6} lg={4} key={index}>
            <Skeleton variant="rect" height={height} />
          </Grid>
        ))}
      </Grid>
    </Loading>
  );
}

/** Rows of a table before they are there. */
export function TableSkeleton(props: { label: string; rows?: number }) {
  const { label, rows = 5 } = props;
  return (
    <Loading label={label}>
      {Array.from({ length: rows + 1 }, (_, index) => (
        <Skeleton key={index} height={52} />
      ))}
    </Loading>
  );
}

/** A block of one height, such as a chart, before it is there. */
export function BlockSkeleton(props: {
  label: string;
  /** Pixels. */
  height: number;
}) {
  const { label, height } = props;
  return (
    <Loading label={label}>
      <Skeleton variant="rect" height={height} />
    </Loading>
  );
}
