import Button from '@material-ui/core/Button';
import CheckIcon from '@material-ui/icons/Check';
import FileCopyOutlinedIcon from '@material-ui/icons/FileCopyOutlined';
import { useEffect, useState } from 'react';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';

const CONFIRMED_MS = 2_000;

/** Copies a text and says so, in the button itself. */
export function CopyButton(props: {
  text: string;
  /** A verb and what is copied: "Copy key". */
  label: string;
  className?: string;
  primary?: boolean;
}) {
  const { text, label, className, primary } = props;
  const [{ error }, copy] = useCopyToClipboard();
  const [copies, setCopies] = useState(0);
  const [confirmed, setConfirmed] = useState(false);

  useEffect(() => {
    if (copies === 0) return undefined;
    setConfirmed(true);
    const timer = setTimeout(() => setConfirmed(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [copies]);

  const onClick = () => {
    copy(text);
    setCopies(count => count + 1);
  };
  const said = error ? 'Could not copy: select the text' : 'Copied';

  return (
    <Button
      size="small"
      variant={primary ? 'contained' : 'outlined'}
      color={primary ? 'primary' : 'default'}
      className={className}
      startIcon={confirmed && !error ? <CheckIcon /> : <FileCopyOutlinedIcon />}
      onClick={onClick}
    >
      <span aria-live="polite">{confirmed ? said : label}</span>
    </Button>
  );
}
