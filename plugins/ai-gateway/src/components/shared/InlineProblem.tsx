import FormHelperText from '@material-ui/core/FormHelperText';

/** What is wrong with a field that is not a text field. Renders nothing when nothing is. */
export function InlineProblem(props: { children: string | undefined }) {
  return props.children ? (
    <FormHelperText error role="alert">
      {props.children}
    </FormHelperText>
  ) : null;
}
