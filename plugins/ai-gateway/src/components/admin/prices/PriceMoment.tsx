/** When a price starts or ends, in the reader's locale and zone, with seconds on hover. */
export function PriceMoment(props: { at: string }) {
  const moment = new Date(props.at);
  return (
    <time
      dateTime={props.at}
      title={moment.toLocaleString(undefined, {
        dateStyle: 'full',
        timeStyle: 'long',
      })}
    >
      {moment.toLocaleString(undefined, {
        dateStyle: 'medium',
        timeStyle: 'short',
      })}
    </time>
  );
}
