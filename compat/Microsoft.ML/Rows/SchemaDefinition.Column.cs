using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class SchemaDefinition
{
    public sealed class Column
    {
        private readonly Dictionary<string, (DataViewType Type, Delegate Getter)> _annotations = [];

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnName = columnName;
            ColumnType = columnType;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var (kind, (type, getter)) in _annotations)
                    builder.Add(kind, type, getter);
                return builder.ToAnnotations();
            }
        }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            if (_annotations.ContainsKey(kind))
                throw Contracts.Except("Column already contains an annotation of this kind.");
            _annotations[kind] = (annotationType, AnnotationValue.Getter(value, annotationType));
        }

        internal void SetAnnotations(DataViewSchema.Annotations annotations)
        {
            foreach (var column in annotations.Schema)
            {
                var getter = GenericCall.Invoke<Delegate>(GetterOf<int>, column.Type.RawType, annotations, column);
                _annotations[column.Name] = (column.Type, getter);
            }
        }

        private static Delegate GetterOf<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column) => annotations.GetGetter<T>(column);
    }
}
