import { makeStyles } from '@material-ui/core/styles';
import { Fragment, type ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(7rem, auto) 1fr',
    gap: theme.spacing(1, 2),
    margin: 0,
    ...theme.typography.body2,
    '& dt': { color: theme.palette.text.secondary },
    '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  },
}));

/** Names and values, one below the other. */
export function FactList(props: {
  facts: readonly (readonly [name: string, value: ReactNode])[];
}) {
  const classes = useStyles();
  return (
    <dl className={classes.root}>
      {props.facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
