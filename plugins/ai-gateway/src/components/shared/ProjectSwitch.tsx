import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';
import { useProject, useProjects } from '../../hooks';

const ALL = '';

const useStyles = makeStyles({ root: { minWidth: '12rem' } });

/** Narrows the pages to one project, for as long as the link is kept. */
export function ProjectSwitch() {
  const classes = useStyles();
  const { projectId, setProjectId } = useProject();
  const projects = useProjects();
  const items = projects.value?.items ?? [];
  const isKnown = items.some(({ id }) => id === projectId);

  return (
    <TextField
      select
      size="small"
      variant="outlined"
      label="Project"
      className={classes.root}
      value={projectId ?? ALL}
      onChange={({ target }) => setProjectId(target.value || undefined)}
      InputLabelProps={{ shrink: true }}
      SelectProps={{
        displayEmpty: true,
        SelectDisplayProps: { 'aria-label': 'Project' },
      }}
    >
      <MenuItem value={ALL}>All projects</MenuItem>
      {projectId && !isKnown && (
        <MenuItem value={projectId}>{projectId}</MenuItem>
      )}
      {items.map(({ id, title }) => (
        <MenuItem key={id} value={id}>
          {title}
        </MenuItem>
      ))}
    </TextField>
  );
}
