import { type Theme, ThemeProvider } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

/**
 * Shows buttons and tabs as they are written, where Material-UI's own default would put them in capitals. Everything else is the app's
 * theme.
 */
export function SentenceCase(props: { children: ReactNode }) {
  return <ThemeProvider theme={asWritten}>{props.children}</ThemeProvider>;
}

function asWritten(theme: Theme): Theme {
  const button = { ...theme.typography.button, textTransform: 'none' } as const;
  return { ...theme, typography: { ...theme.typography, button } };
}
