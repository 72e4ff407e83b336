import type { UsageReport } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import { usageCards } from './cards';
import { UsageFigure } from './UsageFigure';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(11.5rem, 1fr))',
    gap: theme.spacing(2),
    margin: theme.spacing(0, 0, 2),
    padding: 0,
    listStyle: 'none',
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: '1fr 1fr',
      gap: theme.spacing(1.5),
      '& > :last-child:nth-child(odd)': { gridColumn: 'span 2' },
    },
  },
  card: { padding: theme.spacing(1.5, 2), minWidth: 0 },
}));

/** The figures of the whole span. */
export function UsageCards(props: { report: UsageReport }) {
  const { report } = props;
  const classes = useStyles();
  return (
    <ul className={classes.root} aria-label="Figures">
      {usageCards(report).map(card => (
        <Paper
          key={card.id}
          component="li"
          variant="outlined"
          className={classes.card}
        >
          <UsageFigure card={card} report={report} />
        </Paper>
      ))}
    </ul>
  );
}
