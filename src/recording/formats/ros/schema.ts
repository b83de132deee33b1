/** What a file says of its messages, so that programs read them that have no package with the type. */

/** The type's name in ROS 2. */
export const typeName = "event_camera_msgs/msg/EventPacket";

const parts = [
  `std_msgs/Header header
uint32 height
uint32 width
uint64 seq
uint64 time_base
string encoding
bool is_bigendian
uint8[] events
`,
  `MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
`,
  `MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
`,
];

/** The type and those that it consists of, in ROS's language, with a line of 80 signs between them. */
export const typeDefinition = parts.join(`${"=".repeat(80)}\n`);
