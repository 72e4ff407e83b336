import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles, useTheme } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    height: 3 * sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
    marginBottom: theme.spacing(-1.75),
  },
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginLeft: 22,
    color: theme.palette.navigation.selectedColor,
  },
  mark: { width: 28, height: 28, flex: 'none' },
}));

/** The portal's mark, and its name while the sidebar is open. */
export function SidebarLogo() {
  const classes = useStyles();
  const theme = useTheme();
  const { isOpen } = useSidebarOpenState();
  const title = useApi(configApiRef).getOptionalString('app.title') ?? 'Portal';
  return (
    <div className={classes.root}>
      <Link to="/" underline="none" className={classes.link} aria-label="Home">
        <svg viewBox="0 0 32 32" className={classes.mark} aria-hidden>
          <path
            d="M9 8v16M23 8v16"
            stroke={theme.palette.navigation.indicator}
            strokeWidth="3"
            strokeLinecap="round"
          />
          <path
            d="M9 16h14M18 11l5 5-5 5"
            fill="none"
            stroke="currentColor"
            strokeWidth="3"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
        {isOpen && (
          <Typography variant="subtitle1" noWrap>
            {title}
          </Typography>
        )}
      </Link>
    </div>
  );
}
