import { useEffect, useState } from 'react';
import { formatRelativeTime } from './formatRelativeTime';

const TICK_MS = 30_000;

/** A moment relative to now, absolute on hover in the reader's locale and zone. */
export function RelativeTime(props: {
  /** ISO 8601. */
  at: string;
}) {
  const { at } = props;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [at]);

  const moment = new Date(at);
  const absolute = moment.toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'long',
  });
  return (
    <time dateTime={at} title={absolute}>
      {formatRelativeTime(moment.getTime(), now)}
    </time>
  );
}
