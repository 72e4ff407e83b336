import { WarningPanel } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import Avatar from '@material-ui/core/Avatar';
import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import Container from '@material-ui/core/Container';
import Grid from '@material-ui/core/Grid';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { DemoUser } from './demoUsers';

const useStyles = makeStyles(theme => ({
  root: {
    minHeight: '100vh',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    padding: theme.spacing(4, 2),
  },
  intro: { marginBottom: theme.spacing(4) },
  person: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    minHeight: 150,
  },
  avatar: {
    backgroundColor: theme.palette.primary.main,
    color: theme.palette.primary.contrastText,
    marginBottom: theme.spacing(1),
  },
  failure: { marginBottom: theme.spacing(3) },
}));

/** Cards of the demo users, to sign in with one click. */
export function DemoUserChoice(props: {
  users: readonly DemoUser[];
  failure: Error | undefined;
  onChoose: (user: DemoUser) => void;
}) {
  const classes = useStyles();
  const title = useApi(configApiRef).getOptionalString('app.title') ?? 'Portal';
  return (
    <Container maxWidth="md" component="main" className={classes.root}>
      <div className={classes.intro}>
        <Typography variant="h3" component="h1" gutterBottom>
          {title}
        </Typography>
        <Typography color="textSecondary">
          {props.users.length > 0
            ? 'Choose who to be. Demo users have no password and exist in development only.'
            : 'No way to sign in is configured. Whoever runs this portal sets one up under auth.providers and puts its sign-in page into packages/app.'}
        </Typography>
      </div>
      {props.failure && (
        <div className={classes.failure}>
          <WarningPanel severity="error" title="Signing in did not work">
            {props.failure.message}. Is the portal's backend running? It may
            still be starting; try again in a few seconds.
          </WarningPanel>
        </div>
      )}
      <Grid container spacing={3}>
        {props.users.map(user => (
          <Grid item xs={12} sm={4} key={user.ref}>
            <Card>
              <CardActionArea
                onClick={() => props.onChoose(user)}
                aria-label={`Sign in as ${user.name}`}
              >
                <CardContent className={classes.person}>
                  <Avatar className={classes.avatar} aria-hidden>
                    {user.name
                      .split(' ')
                      .map(word => word[0])
                      .join('')}
                  </Avatar>
                  <Typography variant="h6" component="h2">
                    {user.name}
                  </Typography>
                  <Typography color="textSecondary" variant="body2">
                    {user.role}
                  </Typography>
                </CardContent>
              </CardActionArea>
            </Card>
          </Grid>
        ))}
      </Grid>
    </Container>
  );
}
