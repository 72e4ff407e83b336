import { CodeSnippet } from '@backstage/core-components';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Switch from '@material-ui/core/Switch';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useId, useState } from 'react';
import { CopyButton } from '../shared';
import {
  snippet,
  SNIPPET_LANGUAGES,
  type SnippetLanguage,
  type SnippetTarget,
} from './snippets';

const LABELS: Record<SnippetLanguage, string> = {
  curl: 'curl',
  javascript: 'JavaScript',
  python: 'Python',
};

const HIGHLIGHTED_AS: Record<SnippetLanguage, string> = {
  curl: 'bash',
  javascript: 'javascript',
  python: 'python',
};

const useStyles = makeStyles(theme => ({
  root: {
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    overflow: 'hidden',
    minWidth: 0,
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(0, 1),
    paddingRight: theme.spacing(1),
    borderBottom: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.default,
  },
  tab: {
    minWidth: 0,
    textTransform: 'none',
    padding: theme.spacing(1, 2),
    '&:hover': {
      backgroundColor: theme.palette.action.hover,
      color: theme.palette.text.primary,
    },
  },
  tools: { display: 'flex', alignItems: 'center', flexWrap: 'wrap' },
  toggle: { marginLeft: theme.spacing(1) },
  code: {
    overflowX: 'auto',
    minHeight: theme.spacing(27),
    fontSize: theme.typography.body2.fontSize,
    // The highlighter's own background gives way to the theme's, which holds in light and dark.
    '& pre': {
      margin: 0,
      padding: `${theme.spacing(1.5)}px !important`,
      background: 'none !important',
    },
  },
}));

/** How to call a model, in the languages of {@link SNIPPET_LANGUAGES}, streamed or not. */
export function CallSnippets(props: Omit<SnippetTarget, 'stream'>) {
  const classes = useStyles();
  const id = useId();
  const [language, setLanguage] = useState<SnippetLanguage>('curl');
  const [stream, setStream] = useState(false);
  const text = snippet(language, { ...props, stream });

  return (
    <div className={classes.root}>
      <div className={classes.bar}>
        <Tabs
          value={language}
          onChange={(_event, chosen: SnippetLanguage) => setLanguage(chosen)}
          indicatorColor="primary"
          aria-label="Language of the example"
        >
          {SNIPPET_LANGUAGES.map(name => (
            <Tab
              key={name}
              value={name}
              label={LABELS[name]}
              className={classes.tab}
              id={`${id}-tab-${name}`}
              aria-controls={`${id}-panel`}
            />
          ))}
        </Tabs>
        <div className={classes.tools}>
          <FormControlLabel
            className={classes.toggle}
            label={<Typography variant="body2">Stream</Typography>}
            control={
              <Switch
                size="small"
                color="primary"
                checked={stream}
                onChange={({ target }) => setStream(target.checked)}
              />
            }
          />
          <CopyButton text={text} label="Copy" />
        </div>
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-tab-${language}`}
        className={classes.code}
        // The code scrolls sideways; the keyboard has to get there to do it.
        tabIndex={0} // eslint-disable-line jsx-a11y/no-noninteractive-tabindex
      >
        <CodeSnippet text={text} language={HIGHLIGHTED_AS[language]} />
      </div>
    </div>
  );
}
