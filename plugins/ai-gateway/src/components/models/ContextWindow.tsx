import Typography from '@material-ui/core/Typography';
import { TokenCount } from '../shared';

/** How many tokens a model can hold. */
export function ContextWindow(props: { tokens: number | null }) {
  const { tokens } = props;
  if (tokens === null) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        Not stated
      </Typography>
    );
  }
  return (
    <>
      <TokenCount count={tokens} /> tokens
    </>
  );
}
