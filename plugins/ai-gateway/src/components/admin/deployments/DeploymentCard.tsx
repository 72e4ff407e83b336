import type { Deployment } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link, LinkButton } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { FactList, Money, RelativeTime, StatusChip } from '../../shared';
import { useAdminPaths } from '../adminPaths';
import { Person } from '../shared';
import type { DeploymentQuestion } from './DeploymentDialog';
import { deploymentName } from './deploymentName';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    height: '100%',
    padding: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 1),
    '& h4': { flex: '1 1 12rem', minWidth: 0 },
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    marginTop: 'auto',
  },
}));

/** One deployment of a model: where it goes, what it costs, whether it serves, and what can be done. */
export function DeploymentCard(props: {
  deployment: Deployment;
  onAsk: (question: DeploymentQuestion) => void;
}) {
  const { deployment, onAsk } = props;
  const { published, publication, currentPrice, provider } = deployment;
  const classes = useStyles();
  const paths = useAdminPaths();
  const panelPath = (panel: 'edit-deployment' | 'set-price') =>
    paths.model(deployment.modelId, { panel, deployment: deployment.id });
  const name = deploymentName(deployment);

  return (
    <Paper
      variant="outlined"
      component="article"
      aria-label={name}
      className={classes.root}
    >
      <div className={classes.head}>
        <Typography variant="subtitle1" component="h4">
          {name}
        </Typography>
        <StatusChip tone={published ? 'good' : 'off'}>
          {published ? 'Published' : 'Unpublished'}
        </StatusChip>
        {!provider.enabled && (
          <StatusChip tone="warning">Provider disabled</StatusChip>
        )}
      </div>
      <FactList
        facts={[
          [
            'Price',
            currentPrice ? (
              <>
                <Money usd={currentPrice.amounts.input} /> in,{' '}
                <Money usd={currentPrice.amounts.output} /> out per million
                tokens.{' '}
                <Link to={paths.priceHistory(deployment.id)}>
                  See price history
                </Link>
              </>
            ) : (
              <StatusChip tone="warning">Set a price to publish</StatusChip>
            ),
          ],
          [
            'Routing',
            `Weight ${deployment.weight.toLocaleString()}, priority ${deployment.priority.toLocaleString()}`,
          ],
          [
            'Publication',
            publication ? (
              <>
                {published ? 'Published' : 'Unpublished'}{' '}
                <RelativeTime at={publication.changedAt} /> by{' '}
                <Person entityRef={publication.changedBy} />
              </>
            ) : (
              'Never published'
            ),
          ],
        ]}
      />
      <div className={classes.actions}>
        {!currentPrice && (
          <LinkButton
            to={panelPath('set-price')}
            size="small"
            variant="contained"
            color="primary"
          >
            Set price
          </LinkButton>
        )}
        {currentPrice && !published && provider.enabled && (
          <Button
            size="small"
            variant="contained"
            color="primary"
            onClick={() => onAsk('publish')}
          >
            Publish
          </Button>
        )}
        {currentPrice && !provider.enabled && (
          <LinkButton
            to={paths.providers(provider.id)}
            size="small"
            variant="contained"
            color="primary"
          >
            Enable {provider.title}
          </LinkButton>
        )}
        {published && (
          <Button
            size="small"
            variant="outlined"
            onClick={() => onAsk('unpublish')}
          >
            Unpublish
          </Button>
        )}
        {currentPrice && (
          <LinkButton
            to={panelPath('set-price')}
            size="small"
            variant="outlined"
          >
            Change price
          </LinkButton>
        )}
        <LinkButton
          to={panelPath('edit-deployment')}
          size="small"
          variant="outlined"
        >
          Edit
        </LinkButton>
        {!published && (
          <Button size="small" onClick={() => onAsk('delete')}>
            Delete
          </Button>
        )}
      </div>
    </Paper>
  );
}
