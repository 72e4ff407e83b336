import type { Modality } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import ChatBubbleOutlineIcon from '@material-ui/icons/ChatBubbleOutline';
import GraphicEqIcon from '@material-ui/icons/GraphicEq';
import ImageOutlinedIcon from '@material-ui/icons/ImageOutlined';
import ScatterPlotOutlinedIcon from '@material-ui/icons/ScatterPlotOutlined';
import SecurityIcon from '@material-ui/icons/Security';
import SortIcon from '@material-ui/icons/Sort';
import SubjectIcon from '@material-ui/icons/Subject';

const ICONS: Record<Modality, typeof ChatBubbleOutlineIcon> = {
  chat: ChatBubbleOutlineIcon,
  completion: SubjectIcon,
  embedding: ScatterPlotOutlinedIcon,
  image: ImageOutlinedIcon,
  audio: GraphicEqIcon,
  moderation: SecurityIcon,
  rerank: SortIcon,
};

/** What a model takes and gives, as a picture; put its word beside it. */
export function ModalityIcon(props: { modality: Modality }) {
  const Icon = ICONS[props.modality];
  return <Icon fontSize="small" aria-hidden />;
}
